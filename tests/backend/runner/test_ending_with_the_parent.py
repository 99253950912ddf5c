"""No process outlives the one that started it, not even one that is just being started."""

import subprocess

from backend.runner.drop import leashed


def test_a_child_whose_parent_died_before_it_began_does_not_begin():
    done = subprocess.run(leashed(["echo", "begun"], parent="1"), capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("", 1)


def test_a_child_of_its_parent_begins():
    done = subprocess.run(leashed(["echo", "begun"]), capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("begun\n", 0)
