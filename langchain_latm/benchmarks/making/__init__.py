"""`latm bench making|using|all`: what making tools gives, and what it costs compared with answers without tools."""
