"""groupcore."""
