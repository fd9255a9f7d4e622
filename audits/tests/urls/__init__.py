"""Who meets what behind the addresses of this app."""

from audits.tests.urls import audits, checklists, evidence, findings, programmes

ROWS = [*audits.ROWS, *evidence.ROWS, *programmes.ROWS, *findings.ROWS, *checklists.ROWS]
