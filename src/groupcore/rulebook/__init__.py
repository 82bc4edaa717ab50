"""The rules of a community as one frozen value: policies, ladder, who is exempt, and their digest.

>>> Rulebook.from_mapping({"name": "quiet", "policy": [{"kind": "flod", "id": "flood"}]}, "rules.toml")
Traceback (most recent call last):
    ...
groupcore.errors.RulebookError: rules.toml: 1 fault
  unknown kind 'flod' (did you mean 'flood'?) @ rules.toml.policy[0].kind
"""

from groupcore.rulebook.book import Rulebook
from groupcore.rulebook.schema import json_schema

__all__ = ["Rulebook", "json_schema"]
