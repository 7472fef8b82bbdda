"""`latm bench making|using|all`: results and costs of making tools, compared with answers without tools."""
