"""Runs OSv's trace.py again and again in one process: a JSON list of arguments a line in, exit code and output a line out."""
import base64
import io
import json
import os
import runpy
import subprocess
import sys

script = sys.argv[1]
replies = sys.stdout
sys.path.insert(0, os.path.dirname(os.path.abspath(script)))


class Output(io.StringIO):
    def close(self):
        pass


class Pager:
    """Stands in for the pager that the script pipes its output through."""

    def __init__(self, *args, **kwargs):
        self.stdin = sys.stdout

    def wait(self):
        pass


subprocess.Popen = Pager
for line in sys.stdin:
    sys.argv = [script] + json.loads(line)
    sys.stdout = output = Output()
    sys.stderr = io.StringIO()
    code, error = 0, ''
    try:
        runpy.run_path(script, run_name='__main__')
    except SystemExit as e:
        code = e.code or 0
    except BaseException as e:
        code, error = 1, repr(e)
    sys.stderr = sys.__stderr__
    text = base64.b64encode(output.getvalue().encode()).decode()
    print(json.dumps({'code': code, 'output': text, 'error': error}), file=replies, flush=True)
