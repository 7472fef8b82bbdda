"""The operators of the search on columns of text, one module a group.

`offers` of a group yields the operators that may be useful for some texts. Like FlashFill (Gulwani, POPL 2011), it
derives them from the examples: marks of the texts, lengths of the answers.
"""
