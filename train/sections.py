"""The sections of a recipe: every setting of a run, its default and its bounds.

Names are those of H2O LLM Studio where the setting is the same one.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1)]
Amount = Annotated[float, Field(ge=0)]
Names = Annotated[tuple[str, ...], Field(strict=False)]
"""A list in a file."""


class Section(BaseModel):
    """A part of a recipe; an unknown key is an error, true is no 1, and nothing changes later."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True, allow_inf_nan=False
    )


class Run(Section):
    """Where a run is written, and its seed."""

    experiment_name: Annotated[str, Field(pattern=r"^[\w.-]+$")] = "run"
    """Name of the run's folder, before its time."""
    output_directory: str = "runs"
    """Folder of all runs."""
    seed: Annotated[int, Field(ge=-1)] = 42
    """-1 draws one and records it."""
    on_existing: Literal["fail", "resume", "new"] = "new"
    """What to do where a run of this name is there already."""


class Sample(Section):
    """Some of the training records, the same ones for the same seed."""

    n: Count
    """How many records."""
    seed: int = 42
    """Which ones."""
    by: Literal["record", "group"] = "record"
    """Draw records, or whole groups of near-duplicates until there are n records."""


class Dataset(Section):
    """Which approved records are trained on, and how a prompt is made of their columns."""

    approved: str | None = None
    """Id or folder of an approved snapshot; null is the newest one of the workspace."""
    sample: Sample | None = None
    """Train on this many records only; null is all."""
    prompt_format: str | None = None
    """Makes the question from columns, as 'Describe {product}, belonging to {category}'."""
    weights: dict[str, Amount] = Field(default_factory=dict)
    """How often a source's records are seen each epoch, by origin; 1 where it is not named."""
    probe_prompts: str | None = None
    """JSONL file of {"prompt": …}, answered before and after training."""


class Template(Section):
    """How a record becomes text; training and inference use the same one."""

    name: str = "auto"
    """auto (the tokenizer's chat template, else alpaca) | chat | alpaca | plain | a .jinja file."""
    text_prompt_start: str = ""
    """Before the prompt; plain only."""
    text_answer_separator: str = ""
    """Between prompt and answer; plain only."""
    end_marker: str | None = None
    """After the answer, trained and a stop string; null: '\\n### End' for alpaca, else none."""
    add_eos_token_to_prompt: bool = False
    """Put the end-of-text token behind the prompt; plain only."""
    add_eos_token_to_answer: bool = True
    """Train the end-of-text token behind the answer."""
    tone_tags: dict[str, str] = Field(default_factory=dict)
    """System text by a record's category, where it has none of its own."""
    mask_prompt_labels: bool = True
    """Learn the answers only, not the prompts."""
    train_on_last_turn_only: bool = False
    """Learn the final answer only, not the assistant's earlier turns."""


class Tokenizer(Section):
    """Lengths are in tokens."""

    use_fast: bool = True
    """The tokenizer written in Rust."""
    max_length: Annotated[int, Field(ge=8)] = 1024
    """Longest prompt and answer together."""
    max_length_prompt: Count | None = None
    """Longest prompt alone; null is no limit of its own."""
    max_length_answer: Count | None = None
    """Longest answer alone; null is no limit of its own."""
    on_too_long: Literal["drop", "fail", "cut_prompt_left", "cut_end"] = "drop"
    """What happens to a longer record; each one is named in the ledger."""


class Quantization(Section):
    """How the frozen base weights are stored."""

    type: Literal["nf4", "int8", "none"] = "nf4"
    """4-bit NormalFloat, 8-bit integers, or as they are."""
    double: bool = True
    """Quantise the scales of nf4 too, which saves 0.37 bits a weight."""


class Model(Section):
    """The base model."""

    llm_backbone: str = "smollm2-135m-instruct"
    """A folder, a name in the hub's cache, smollm2-135m-instruct, or tiny."""
    revision: str | None = None
    """Commit of the hub; null is the newest one there, pinned in resolved.yaml."""
    backbone_dtype: Literal["auto", "bfloat16", "float16", "float32"] = "auto"
    """Number format of weights that are not quantised, and of the arithmetic."""
    quantization: Quantization = Quantization()
    """How the base is stored while an adapter is trained."""
    attention: Literal["auto", "sdpa", "eager", "flash"] = "auto"
    """Which attention code runs."""
    gradient_checkpointing: Literal["auto"] | bool = "auto"
    """Recompute activations to save memory; auto is off when everything fits without."""


class Adapter(Section):
    """What is trained; none is the whole model."""

    type: Literal["lora", "dora", "prefix", "prompt", "p-tuning", "none"] = "lora"
    """lora and dora beside linear layers; prefix, prompt and p-tuning before the prompt."""
    lora_r: Annotated[int, Field(ge=1, le=1024)] = 8
    """Rank."""
    lora_alpha: Annotated[float, Field(gt=0)] = 16
    """The adapter's output is scaled by alpha / r (alpha / √r with rslora)."""
    lora_dropout: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """Share of the adapter's inputs left out at random."""
    lora_target_modules: str | Names = "all-linear"
    """all-linear | attention-qv | all-linear+head | names of modules."""
    rslora: bool = False
    """Rank-stabilised scaling."""
    virtual_tokens: Annotated[int, Field(ge=1, le=1024)] = 20
    """Tokens put before the prompt by prefix, prompt and p-tuning."""
    init_from: str | None = None
    """Folder of an adapter to go on from."""


class Training(Section):
    """Optimisation."""

    task: Literal["sft", "dpo"] = "sft"
    """Learn the answers, or prefer edited answers over those before the edit."""
    loss_function: Literal["auto", "nll", "chunked_nll", "liger"] = "auto"
    """Code of the loss; the value is the same."""
    optimizer: Literal["auto", "adamw", "adamw_8bit", "paged_adamw_8bit"] = "auto"
    """auto is paged_adamw_8bit on a card, adamw on a CPU."""
    learning_rate: Annotated[float, Field(gt=0)] = 2.0e-4
    """Highest learning rate."""
    schedule: Literal["cosine", "linear", "constant"] = "cosine"
    """How it falls."""
    warmup_epochs: Amount = 0.0
    """Epochs over which it rises."""
    weight_decay: Amount = 0.0
    """AdamW's."""
    gradient_clip: Amount = 0.0
    """Largest norm of the gradient; 0 is off."""
    neftune_noise: Amount = 0.0
    """Noise on embeddings (NEFTune's alpha); 0 is off."""
    epochs: Annotated[float, Field(gt=0)] = 3
    """Passes over the training records."""
    batch_size: Count = 8
    """Records in one forward pass on one card."""
    grad_accumulation: Count = 1
    """Forward passes in one step."""
    drop_last_batch: bool = False
    """Leave out what does not fill the last batch; each record is named in the ledger."""
    packing: Literal["auto", "on", "off"] = "auto"
    """Several records in one row; auto is on only after packed equals unpacked."""
    save_checkpoint: Literal["last", "best", "each_evaluation_epoch", "disable"] = "last"
    """Which states of the run are kept."""
    checkpoint_steps: Count | None = None
    """Steps between states to resume from; null is once an evaluation epoch."""
    max_seconds: Amount | None = None
    """Stop in order after this long."""
    dpo_beta: Annotated[float, Field(gt=0)] = 0.1
    """How strongly dpo holds on to the base model."""


class Generation(Section):
    """How answers are written in evaluation: greedily, so that two runs can be compared."""

    max_new_tokens: Count = 256
    """Longest answer; the prompt does not count."""
    batch_size: Count = 8
    """Answers written at once; halved where memory runs out."""


class Evaluate(Section):
    """How baseline and tuned answers are made and measured, both in the same way."""

    before_training: bool = True
    """Answer the dev and test records before step 0."""
    evaluation_epochs: Annotated[float, Field(gt=0)] = 1.0
    """Epochs between losses on dev."""
    precision: Literal["training", "int8", "bfloat16", "float16", "float32"] = "training"
    """Base weights while answering; the same for baseline and tuned."""
    metrics: Names = ()
    """Names of measures; none is all of them."""
    few_shot_baseline: Annotated[int, Field(ge=0)] = 3
    """Approved examples put before the prompt in the few-shot baseline; 0 leaves it out."""
    generation: Generation = Generation()
    """How answers are written."""


class Forgetting(Section):
    """What the tuned model still knows."""

    text_probe: bool = True
    """Loss on the bundled general text in English and Japanese, and KL to the base."""
    earlier_test_sets: Names = ()
    """Approved snapshots whose test records are answered too."""


class Gates(Section):
    """Limits; passing an error's limit fails the plan or the run."""

    rows_lost_share: Share = 0.02
    """Records too long or without an answer token, of all training records: error above it."""
    refusal_share: Share = 0.05
    """Share of refusals that the application expects."""
    refusal_tolerance: Share = 0.10
    """How far the approved records may be from it: warning above it."""
    annotator_agreement: Share = 0.70
    """Warning below it: agreement caps what a model can reach."""
    forgetting_delta: Amount = 0.10
    """Change of loss on general text, in nats a token: error above it."""
    merge_max_logit_diff: Amount = 0.1
    """Largest change of a logit by merging: error above it."""


class Loop(Section):
    """What goes back to review."""

    send_failures: bool = True
    """Put failing dev records into the queue where the workspace can be reached."""
    neighbours: Annotated[int, Field(ge=0, le=50)] = 5
    """Training records shown beside a failure."""
    max_items: Count = 200
    """Most failures sent from one run, worst first."""


class Trace(Section):
    """What is kept of the records, so that a wrong answer leads back to them."""

    enabled: bool | Literal["auto"] = "auto"
    """auto is on for lora and dora, on a base of 4 bits too; true is an error where it cannot."""
    failures: Annotated[int, Field(ge=0)] = 200
    """Most failing dev records whose wrong answers are looked into, worst first."""
    paraphrases: Annotated[int, Field(ge=0, le=10)] = 2
    """Ways in which each of them is asked again."""
    samples: Annotated[int, Field(ge=0, le=20)] = 3
    """Answers to each that are drawn by chance, at temperature 0.8."""


class Output(Section):
    """What is written at the end."""

    model_card: bool = True
    """Write README.md into the run."""


class Track(Section):
    """Other places that are told of a run; the run folder is always enough."""

    report_to: Names = ()
    """mlflow, trackio, tensorboard, wandb; one that fails never ends a run."""


class Environment(Section):
    """The machine."""

    offline: bool = True
    """Never ask the hub; models come from folders and the cache."""
    number_of_workers: Annotated[int, Field(ge=0)] = 0
    """Processes that prepare batches."""
