"""Frameworks, their editions, and what those require."""

from compliance.models.editions import Edition, Requirement, RequirementText
from compliance.models.frameworks import Framework
from compliance.models.reading import ReadCatalogue, ReadChange

__all__ = ["Edition", "Framework", "ReadCatalogue", "ReadChange", "Requirement", "RequirementText"]
