"""`python -m langchain_latm`: the command `latm`."""

from langchain_latm.cli import main

if __name__ == "__main__":
    main()
