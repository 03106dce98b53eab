"""Writes commands.txt beside it: every operation that the installed AWS command line offers.

    python3 -m pip install awscli && python3 rules/aws/commands.py

A block is one service: its name on the command line, a colon, and the prefixes that IAM may know it by, the likeliest
first. Then a line for each verb, with the nouns behind it; `.` is an operation that is its verb alone. `Noun=Action` says
that IAM calls it otherwise. A line `$` has the commands that are no operation, `--dry-run` those that have this switch.
"""

import re
from importlib.metadata import version
from pathlib import Path

from awscli.clidriver import ServiceCommand, ServiceOperation, create_clidriver

# Services whose IAM actions are the methods of HTTP.
BY_METHOD = {"apigateway", "apigatewayv2"}


def main():
    table = create_clidriver()._get_command_table()
    head = f"# AWS CLI {version('awscli')}, botocore {version('botocore')}; written by commands.py\n"
    blocks = [block(name, command) for name, command in sorted(table.items())]
    Path(__file__).with_name("commands.txt").write_text(head + "".join(blocks))


def block(service, command):
    if not isinstance(command, ServiceCommand):
        return f"\n{service}:\n$ {' '.join(sorted(command.subcommand_table))}\n"
    model = command.service_model
    verbs, own, dry = {}, [], []
    for name, operation in sorted(command._get_command_table().items()):
        if not isinstance(operation, ServiceOperation):
            own.append(name)
            continue
        api = operation._operation_model
        # An alias of the command line's own: its name in the manner of the API.
        shown = api.name if name.replace("-", "") == api.name.lower() else pascal(name)
        action = api.http["method"] if service in BY_METHOD else api.name
        verb, noun = re.fullmatch(r"([A-Z][a-z]*|[A-Z]+(?=[A-Z])|[A-Z]+)(.*)", shown).groups()
        nouns = verbs.setdefault(verb, [])
        entry = (noun or ".") + ("" if action == shown else f"={action}")
        if entry not in nouns:
            nouns.append(entry)
        members = api.input_shape.members if api.input_shape else {}
        # Of EC2 nearly all have it, and the others refuse it.
        if service != "ec2" and members.get("DryRun") and members["DryRun"].type_name == "boolean":
            dry.append(name)
    lines = [f"{verb} {' '.join(nouns)}" for verb, nouns in sorted(verbs.items())]
    lines += [f"{mark} {' '.join(names)}" for mark, names in (("$", own), ("--dry-run", dry)) if names]
    prefixes = dict.fromkeys(
        [model.signing_name, model.endpoint_prefix, model.service_id.hyphenize(), model.service_name]
    )
    return f"\n{service}: {' '.join(prefixes)}\n" + "".join(f"{line}\n" for line in lines)


def pascal(name):
    return "".join(word.capitalize() for word in name.split("-"))


main()
