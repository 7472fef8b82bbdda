"""The embedded model (extra `local`): the public names of `langchain_latm.models.local`."""

from langchain_latm.models.local import LocalModelDescription, create_local_model, describe_local_model

__all__ = ["LocalModelDescription", "create_local_model", "describe_local_model"]
