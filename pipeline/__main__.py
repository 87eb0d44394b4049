"""python -m pipeline."""

if __name__ == "__main__":  # not in the workers, which import this module under another name
    from pipeline.cli import main

    main()
