"""The pure decisions, one module per subject. `groupcore.decider` dispatches to them on one page."""
