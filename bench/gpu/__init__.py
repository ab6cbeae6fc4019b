"""What training costs on a card, and whether it stays right there.

    python -m bench.gpu [--only PART,…] [--small] [--weights MODEL] [--out FOLDER]
    python -m bench.gpu --docs

Runs without a network on torch, transformers, peft, trl, bitsandbytes, accelerate, datasets,
pydantic, ruamel.yaml, numpy and pyarrow, with liger-kernel where it is installed. Every
part trains with the same functions as `train run`.
"""
