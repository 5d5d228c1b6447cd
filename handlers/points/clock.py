"""The nightly proof of the ledger."""

import logging

from storage.transaction import Transaction

log = logging.getLogger(__name__)


def reconcile(tx: Transaction) -> list[str]:
    """Check balances, lots and chains; return and log whatever does not add up."""
    faults = tx.points.faults()
    for fault in faults:
        log.error("ledger: %s", fault)
    return faults
