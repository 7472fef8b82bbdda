"""The operators of the search's language, one module a group.

`offers` of a group yields the operators that may be of use for some texts. They are taken from the texts, as FlashFill
(Gulwani, POPL 2011) takes its positions from the examples: marks that are there, lengths that the answers have.
"""
