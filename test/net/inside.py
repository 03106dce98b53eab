"""inside.py FORWARDS COMMAND…: what a sandbox's forwarder does, then the command. FORWARDS: JSON of [port, socket, preface]."""
import json, os, socket, subprocess, sys, threading


def pump(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        for each in (source, target):
            each.close()


def serve(listener, path, preface):
    while True:
        client, _ = listener.accept()
        outside = socket.socket(socket.AF_UNIX)
        outside.connect(path)
        outside.sendall(preface)
        for pair in ((client, outside), (outside, client)):
            threading.Thread(target=pump, args=pair, daemon=True).start()


for port, path, preface in json.loads(sys.argv[1]):
    text = open(preface, "rb").read() if preface else b""
    listener = socket.create_server(("127.0.0.1", port))
    threading.Thread(target=serve, args=(listener, path, text), daemon=True).start()
sys.exit(subprocess.run(sys.argv[2:]).returncode)
