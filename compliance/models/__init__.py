"""Frameworks, their editions, and what those require."""

from compliance.models.editions import Edition, Requirement, RequirementText
from compliance.models.frameworks import Framework

__all__ = ["Edition", "Framework", "Requirement", "RequirementText"]
