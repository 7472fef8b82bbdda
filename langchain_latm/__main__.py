"""`latm`, or `python -m langchain_latm`: the command line."""

from __future__ import annotations


def main() -> None:
    """Run the command line; Ctrl-C during its import ends the program as it does later."""
    try:
        from langchain_latm.cli.app import main as run  # noqa: PLC0415 - slow, so Ctrl-C is caught here
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    run()


if __name__ == "__main__":
    main()
