"""What an agent tries to approve itself, and stand-ins for the services around it. Run by approve-attacks.test.ts."""

import ctypes
import fcntl
import json
import os
import pty
import re
import select
import signal
import socket
import subprocess
import sys
import termios
import time

PYTHON, ME = sys.executable, os.path.abspath(__file__)
CONFIG = json.loads(os.environ.get("ATTACK", "{}"))


def arguments(mode, *more):
    return [PYTHON, ME, mode, *more]


def drive(result, command):
    """Runs holdpoint in a terminal of our own, reads the word off its screen and types it: a human, as far as it can see."""
    pid, master = pty.fork()
    if pid == 0:
        os.execv(command[0], command)
    fcntl.ioctl(master, termios.TIOCSWINSZ, b"\x1e\x00\x64\x00\0\0\0\0")
    seen, typed, end = b"", False, time.time() + 30
    while time.time() < end:
        ready, _, _ = select.select([master], [], [], 0.5)
        try:
            chunk = os.read(master, 65536) if ready else b"-"
        except OSError:
            break
        if ready:
            seen += chunk
        word = re.search(rb"and type (?:\x1b\[[0-9;]*m)*([a-z]{4})\b", seen)
        if word and not typed:
            typed = True
            time.sleep(1)
            os.write(master, b"a")
            time.sleep(0.3)
            os.write(master, word[1] + b"\r")
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    with open(result + ".part", "wb") as file:
        file.write(seen)
    os.rename(result + ".part", result)


def talk(path, requests, before=None):
    """Speaks to a socket by itself."""
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(10)
    connection.connect(path)
    if before:
        before(connection)
    said = b""
    try:
        for request in requests:
            connection.sendall(request if isinstance(request, bytes) else json.dumps(request).encode() + b"\n")
            said += connection.recv(65536)
    except OSError as error:
        said += repr(error).encode()
    return said.decode(errors="replace")


def look(path):
    """The session, and what waits in it: that anybody may see."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        connection.sendall(b'{"do":"watch"}\n')
        lines = connection.makefile()
        return json.loads(lines.readline()), json.loads(lines.readline())["questions"]


def pose(path, script):
    """Under the name of holdpoint: the command line that others see is ours to write."""
    fields = open("/proc/self/stat").read().rsplit(")", 1)[1].split()
    start, end = int(fields[45]), int(fields[46])
    name = b"node\0" + script.encode() + b"\0approve\0"
    ctypes.memmove(start, name.ljust(end - start, b"\0"), end - start)
    print(open("/proc/self/cmdline").read().strip("\0").replace("\0", " "))
    print(talk(path, [{"do": "open", "question": "q1"}]))


def orphan(argv):
    """Gets rid of its parents: whoever adopts orphans here is its parent now."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.execve(argv[0], argv, {"PATH": "/usr/bin:/bin", "HOME": os.environ["HOME"], "ATTACK": os.environ["ATTACK"]})
        os._exit(0)
    os.wait()


def die_connected(connection):
    """The process that connected ends; a child goes on with its descriptor."""
    if os.fork() == 0:
        time.sleep(0.5)
        return
    os._exit(0)


def serve(path, name):
    """A service that starts what it is told to, as service managers, terminals and multiplexers do."""
    if name:
        ctypes.CDLL(None).prctl(15, name.encode(), 0, 0, 0)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    os.chmod(path, 0o666)
    listener.listen()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        connection, _ = listener.accept()
        argv = json.loads(connection.makefile().readline())
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.execv(argv[0], argv)
        connection.close()


def reap(path, command):
    """A login's service manager: adopts orphans (`systemd --user`), runs the session's command, starts what it is told to."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
    if os.fork() == 0:
        os.execvp(command[0], command)
    serve(path, "")


def tell(path, argv):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        connection.sendall(json.dumps(argv).encode() + b"\n")
        connection.recv(1)


def approve(way):
    return arguments("drive", os.path.join(CONFIG["results"], way), *CONFIG["approve"])


def ways():
    """Each way to have the question of this session allowed; what comes of it goes into a file of its name."""
    clean = {"PATH": "/usr/bin:/bin", "HOME": os.environ["HOME"], "ATTACK": os.environ["ATTACK"], "SHELL": "/bin/sh"}

    def run(argv, **more):
        more = {"env": clean, "timeout": 60, "capture_output": True, **({} if "input" in more else {"stdin": subprocess.DEVNULL}), **more}
        return subprocess.run(argv, **more)

    directory = CONFIG["directory"]
    control = os.path.join(directory, "control")
    question = "q1"

    def keep(way, *texts):
        with open(os.path.join(CONFIG["results"], way + ".part"), "w") as file:
            file.write("\n".join(t.decode(errors="replace") if isinstance(t, bytes) else str(t) for t in texts))
        os.rename(os.path.join(CONFIG["results"], way + ".part"), os.path.join(CONFIG["results"], way))

    def plain(way, argv, **more):
        done = run(argv, **more)
        keep(way, done.stdout, done.stderr)

    node, cli = CONFIG["approve"][0], CONFIG["approve"][1]
    allow = {"do": "allow", "question": question, "grant": "session", "phrase": "a"}
    yield "terminal-of-its-own", lambda w: run(approve(w), env=os.environ)
    yield "no-environment", lambda w: run(approve(w))
    yield "setsid", lambda w: run(["/usr/bin/setsid", "-w", *approve(w)])
    yield "orphan", lambda w: orphan(approve(w))
    yield "script", lambda w: run(["/usr/bin/script", "-qfc", " ".join(approve(w)), "/dev/null"])
    yield "nohup", lambda w: orphan(["/usr/bin/nohup", *approve(w)])
    yield "session-below", lambda w: run([node, cli, "run", "-q", "--mode", "observe", "--", *approve(w)])
    if os.path.exists("/usr/bin/tmux"):
        yield "tmux", lambda w: run(["/usr/bin/tmux", "-S", CONFIG["tmux"], "new-session", "-d", " ".join(approve(w))], capture_output=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for service, path in CONFIG["services"].items():
        yield service, lambda w, path=path: tell(path, approve(w))
    yield "without-terminal", lambda w: plain(w, ["/usr/bin/setsid", "-w", *CONFIG["approve"]], input=b"a\n")
    yield "deny", lambda w: plain(w, [*CONFIG["approve"], "--deny", question])
    yield "end", lambda w: plain(w, [node, cli, "end", CONFIG["session"]])
    yield "socket", lambda w: keep(w, talk(control, [{"do": "open", "question": question}, allow, {**allow, "pid": CONFIG["stranger"]}]))
    yield "socket-end", lambda w: keep(w, talk(control, [{"do": "end", "pid": CONFIG["stranger"]}]))
    yield "false-name", lambda w: plain(w, arguments("pose", control, cli, "x" * 200))
    yield "dead-peer", lambda w: plain(w, arguments("dead", control))
    yield "garbage", lambda w: keep(w, talk(control, [b"\0\0\0\x10holdpoint/1\0allow\0\n"]), talk(os.path.join(directory, "sock"), [json.dumps(allow).encode() + b"\n"]))
    yield "terminals", lambda w: keep(w, push())
    yield "config", lambda w: keep(w, configure())


def push():
    """Keys into every terminal that can be opened, by writing and by the kernel's own way."""
    said = []
    for path in [*CONFIG["terminals"], "/dev/tty"]:
        try:
            tty = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
            os.write(tty, b"\x1b]0;a\x07\x1b[21ta\r")
            for char in b"a\r":
                fcntl.ioctl(tty, termios.TIOCSTI, bytes([char]))
            said.append(f"{path}: pushed")
        except OSError as error:
            said.append(f"{path}: {error.strerror}")
    return "\n".join(said)


def configure():
    folder = os.path.join(os.environ["HOME"], ".config", "holdpoint")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "config.yaml"), "w") as file:
        file.write("version: 1\nrules:\n  - id: files/lose-work\n    then: allow\n  - id: files/outside\n    then: allow\n")
    again = subprocess.Popen(["unlink", CONFIG["other"]], stderr=subprocess.DEVNULL)
    end = time.time() + 30
    while time.time() < end and again.poll() is None and len(look(os.path.join(CONFIG["directory"], "control"))[1]) < 2:
        time.sleep(0.1)
    said = "it asks as before" if again.poll() is None else f"status {again.poll()}"
    again.kill()
    return said


def attack(only):
    """The agent: its deletion waits for a human, and it sets about being one."""
    # The broker's end takes our terminal with it.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    waiting = subprocess.Popen(["rm", "-f", CONFIG["target"]], stderr=subprocess.DEVNULL)
    directory = CONFIG["directory"] = os.path.dirname(os.path.dirname(os.environ["PATH"].split(":")[0] + "/"))
    CONFIG["session"] = os.environ["HOLDPOINT_SESSION"]
    CONFIG["approve"] += ["--session", CONFIG["session"]]
    os.environ["ATTACK"] = json.dumps(CONFIG)
    while not look(os.path.join(directory, "control"))[1]:
        time.sleep(0.1)
    for way, attempt in ways():
        if only and way not in only:
            continue
        print("trying", way, flush=True)
        try:
            attempt(way)
        except Exception as error:  # whatever the way does, the next one is tried
            with open(os.path.join(CONFIG["results"], way), "a") as file:
                file.write(repr(error))
        end = time.time() + 45
        while not os.path.exists(os.path.join(CONFIG["results"], way)) and time.time() < end:
            time.sleep(0.1)
    print("tried all", waiting.poll(), flush=True)
    if only:
        # The question goes on waiting for as long as somebody has it to answer.
        waiting.wait()
    else:
        os.kill(look(os.path.join(directory, "control"))[0]["session"]["pid"], signal.SIGKILL)
        time.sleep(0.5)
        after = subprocess.run(["rm", "-f", CONFIG["target"]], capture_output=True)
        with open(os.path.join(CONFIG["results"], "kill"), "w") as file:
            file.write(f"{waiting.wait(timeout=30)} {after.returncode} {after.stderr.decode()}")


if __name__ == "__main__":
    mode, rest = sys.argv[1], sys.argv[2:]
    if mode == "drive":
        drive(rest[0], rest[1:])
    elif mode == "attack":
        attack(rest)
    elif mode == "serve":
        serve(rest[0], rest[1] if len(rest) > 1 else "")
    elif mode == "reap":
        reap(rest[0], rest[1:])
    elif mode == "tell":
        tell(rest[0], rest[1:])
    elif mode == "pose":
        pose(rest[0], rest[1])
    elif mode == "dead":
        child = os.fork()
        if child == 0:
            print(talk(rest[0], [{"do": "open", "question": "q1"}], die_connected), flush=True)
        else:
            os.waitpid(child, 0)
