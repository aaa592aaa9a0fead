"""Shapes in annotations are checked here, and cost a light command nothing."""

import subprocess
import sys

import jaxtyping

from priors import shapes


def test_annotations_are_those_that_tests_check():
    assert all(getattr(shapes, n) is getattr(jaxtyping, n) for n in shapes.__all__)


def test_where_nothing_checks_an_annotation_is_an_array():
    code = (
        "import sys, numpy as np; from priors import shapes; "
        "kinds = {getattr(shapes, n)[np.ndarray, 'rows'] for n in shapes.__all__}; "
        "assert kinds == {np.ndarray}, kinds; "
        "assert 'jaxtyping' not in sys.modules"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
