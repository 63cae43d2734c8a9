"""Runs the tests of this folder; one JSON line each: name, and what failed if anything did."""

import json
import os
import sys
import unittest


class JsonLines(unittest.TestResult):
    def report(self, test, failure=None):
        print(json.dumps({"name": test.id(), "failure": failure}), flush=True)

    def addSuccess(self, test):
        self.report(test)

    def addFailure(self, test, err):
        self.report(test, self._exc_info_to_string(err, test))

    def addError(self, test, err):
        self.report(test, self._exc_info_to_string(err, test))

    def addSkip(self, test, reason):
        self.report(test, f"skipped: {reason}")


folder = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, folder)
loader = unittest.TestLoader()
wanted = sys.argv[1:]
suite = loader.loadTestsFromNames(wanted) if wanted else loader.discover(folder)
suite.run(JsonLines())
