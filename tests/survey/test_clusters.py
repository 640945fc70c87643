"""Differences between groups of respondents who share few clusters, against R."""

from __future__ import annotations

import numpy as np
import pytest
from reference import r_values
from scipy.stats import rankdata

from copanalysis.survey.clusters import bias_reduced, clustered_difference

R = r_values("clusters.csv")
CLUSTER = np.unique(R["cluster"], return_inverse=True)[1]
WAVE = R["wave"].astype(int)
VALUES = {"tick": R["tick"], "ridit": rankdata(R["scale"]) / len(WAVE)}


@pytest.mark.parametrize("name", VALUES)
def test_estimate_and_correlation_are_those_of_geepack(name):
    found = clustered_difference(VALUES[name], WAVE, CLUSTER)
    assert found.difference == pytest.approx(R[f"{name}_estimate"][1], abs=1e-6)
    assert found.correlation == pytest.approx(R[f"{name}_rho"][0], abs=1e-6)


@pytest.mark.parametrize("name", VALUES)
def test_bias_reduced_error_and_degrees_of_freedom_are_those_of_the_papers(name):
    found = clustered_difference(VALUES[name], WAVE, CLUSTER)
    assert (found.error, found.df) == pytest.approx(tuple(R[f"{name}_cr2"]), abs=1e-6)


@pytest.mark.parametrize("name", VALUES)
def test_with_independence_they_are_those_of_clubsandwich(name):
    design = np.stack([np.ones_like(WAVE), WAVE], axis=1).astype(float)
    estimate, *_ = np.linalg.lstsq(design, VALUES[name])
    rest = VALUES[name] - design @ estimate
    rows = [k == CLUSTER for k in range(CLUSTER.max() + 1)]
    scores = np.stack([design[k].T @ rest[k] for k in rows])
    covariance, df = bias_reduced(scores, np.stack([design[k].T @ design[k] for k in rows]))
    known = R[f"{name}_plain"]
    assert estimate[1] == pytest.approx(known[0], abs=1e-6)
    assert np.sqrt(covariance[1, 1]) == pytest.approx(known[1], abs=1e-6)
    assert df[1] == pytest.approx(known[2], abs=1e-6)


def test_interval_and_p_agree_and_groups_may_change_places():
    there = clustered_difference(VALUES["ridit"], WAVE, CLUSTER)
    back = clustered_difference(VALUES["ridit"], 1 - WAVE, CLUSTER)
    assert (there.difference, there.p) == pytest.approx((-back.difference, back.p))
    at_the_edge = there.interval(1 - there.p)
    assert min(abs(end) for end in at_the_edge) == pytest.approx(0, abs=1e-9)


def test_what_cannot_be_told_is_missing():
    few = clustered_difference(VALUES["tick"], WAVE, CLUSTER % 3)
    equal = clustered_difference(np.ones(len(WAVE)), WAVE, CLUSTER)
    own = np.where(WAVE == 0, 0, 1 + CLUSTER)  # one cluster is the whole of the first group
    alone = clustered_difference(VALUES["tick"], WAVE, np.unique(own, return_inverse=True)[1])
    for found in (few, equal, alone):
        assert np.isnan([found.difference, found.error, found.df]).all()
    second = np.diag([0.0, 4.0])  # the second parameter rests on the last cluster alone
    information = np.stack([np.diag([2.0, 0.0])] * 4 + [second])
    covariance, df = bias_reduced(np.ones((5, 2)), information)
    assert np.isnan(covariance).all()
    assert np.isnan(df).all()


def test_a_million_respondents_take_no_matrix_of_respondents():
    times = 5000
    cluster, wave = np.tile(CLUSTER, times), np.tile(WAVE, times)
    found = clustered_difference(np.tile(VALUES["tick"], times), wave, cluster)
    assert 0 < found.error < 1
