"""Compares what was read with what is known: edexml first, because guardians and results point at its pupils."""

from school.importers import diff_edexml, diff_guardians, diff_results
from school.importers.plan import Plan


def make_plan(school, rows, remarks, *, names=None, answers=None):
    """Compare plain rows with the database. `names` tells what the files are called, for the remarks."""
    names, answers = names or {}, answers or {}
    plan = Plan(remarks, names=names)
    if "edexml" in rows:
        remarks.about(names.get("edexml", ""))
        diff_edexml.diff(school, rows["edexml"], plan, answers)
    if "guardians" in rows:
        remarks.about(names.get("guardians", ""))
        diff_guardians.diff(school, rows["guardians"], plan, answers)
    if "results" in rows:
        remarks.about(names.get("results", ""))
        diff_results.diff(school, rows["results"], plan)
    remarks.about("")
    return plan
