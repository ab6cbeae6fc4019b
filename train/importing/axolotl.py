"""Axolotl: the YAML of `axolotl train`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from train.importing import ALPACA, Settings, listed, switch, to, unsaid, word

KNOWN_BY = ("base_model", "sequence_len", "micro_batch_size")
APPROVED = "records come from an approved snapshot; `curate audit` reads the file"
STEPS = "ours is in epochs"
DEFAULTS = {
    "training.epochs": 1.0, "training.gradient_clip": 1.0, "training.batch_size": 1,
    "tokenizer.max_length": 512,
}  # fmt: skip
"""What holds there without a word, where ours is another."""


def checkpointing(value: Any) -> Settings:
    """true, false, or a way of it that we have not."""
    if value in (None, "auto"):
        return {}
    if not isinstance(value, bool):
        raise ValueError(f"{value!r} offloads to the CPU; ours recomputes only")
    return {"model.gradient_checkpointing": value}


def adapter(value: Any) -> Settings:
    """qlora is lora on 4 bits."""
    words = {None: "none", "": "none", "lora": "lora", "qlora": "lora"}
    if value not in words:
        raise ValueError(f"{value!r} has no counterpart; there is lora, qlora and none")
    return {"adapter.type": words[value]}


def template(value: Any) -> Settings:
    """The tokenizer's own, or alpaca's."""
    if value == "alpaca":
        return ALPACA
    if value == "tokenizer_default":
        return {"template.name": "chat"}
    raise ValueError(
        f"{value!r} is a template of that system; the tokenizer's own chat template is used"
    )


def datasets(value: Any) -> Settings:
    """The way in which each writes prompts; the records themselves are the snapshot's."""
    if styles(value) == {"alpaca"}:
        return ALPACA
    if other := sorted(styles(value) - {"", "chat_template"}):
        raise ValueError(
            f"{', '.join(other)} writes prompts in a way of that system; set template.name"
        )
    return {}


def styles(value: Any) -> set[str]:
    """The types of several data sets."""
    return {str(one.get("type") or "") for one in value or () if isinstance(one, dict)}


MAPPED = {
    "datasets": datasets,
    "base_model": to("model.llm_backbone"),
    "revision_of_model": to("model.revision"),
    "adapter": adapter,
    "load_in_4bit": switch("model.quantization.type", "nf4"),
    "load_in_8bit": switch("model.quantization.type", "int8"),
    "rl": word("training.task", {"dpo": "dpo"}),
    "rl_beta": to("training.dpo_beta"),
    "lora_r": to("adapter.lora_r"),
    "lora_alpha": to("adapter.lora_alpha"),
    "lora_dropout": to("adapter.lora_dropout"),
    "lora_target_modules": listed("adapter.lora_target_modules"),
    "lora_target_linear": switch("adapter.lora_target_modules", "all-linear"),
    "lora_model_dir": to("adapter.init_from"),
    "peft_use_rslora": to("adapter.rslora"),
    "peft_use_dora": switch("adapter.type", "dora"),
    "sequence_len": to("tokenizer.max_length"),
    "excess_length_strategy": word(
        "tokenizer.on_too_long", {"drop": "drop", "truncate": "cut_end", "raise": "fail"}
    ),
    "sample_packing": switch("training.packing", "auto", "off"),
    "train_on_inputs": switch("template.mask_prompt_labels", False, True),
    "chat_template": template,
    "output_dir": to("run.output_directory"),
    "seed": to("run.seed"),
    "gradient_accumulation_steps": to("training.grad_accumulation"),
    "micro_batch_size": to("training.batch_size"),
    "eval_batch_size": to("evaluate.generation.batch_size"),
    "num_epochs": to("training.epochs"),
    "learning_rate": to("training.learning_rate"),
    "lr_scheduler": word(
        "training.schedule", {"cosine": "cosine", "linear": "linear", "constant": "constant"}
    ),
    "optimizer": word(
        "training.optimizer",
        {
            "adamw_torch": "adamw", "adamw_torch_fused": "adamw", "adamw_8bit": "adamw_8bit",
            "adamw_bnb_8bit": "adamw_8bit", "paged_adamw_8bit": "paged_adamw_8bit",
        },
    ),
    "weight_decay": to("training.weight_decay"),
    "max_grad_norm": to("training.gradient_clip"),
    "neftune_noise_alpha": to("training.neftune_noise"),
    "gradient_checkpointing": checkpointing,
    "bf16": switch("model.backbone_dtype", "bfloat16"),
    "fp16": switch("model.backbone_dtype", "float16"),
    "flash_attention": switch("model.attention", "flash"),
    "sdp_attention": switch("model.attention", "sdpa"),
    "eager_attention": switch("model.attention", "eager"),
    "liger_fused_linear_cross_entropy": switch("training.loss_function", "liger"),
    "save_steps": to("training.checkpoint_steps"),
    "warmup_ratio": to("training.warmup_epochs"),
    "dataloader_num_workers": to("environment.number_of_workers"),
}  # fmt: skip

WHY_NOT = {
    "test_datasets": APPROVED,
    "dataset_processes": "records become tokens in one process",
    "dataset_num_proc": "records become tokens in one process",
    "dataset_prepared_path": "nothing is cached between runs",
    "val_set_size": "`curate export` splits by duplicate group, with dev and test of their own",
    "pad_to_sequence_len": "batches hold records of like length instead",
    "eval_sample_packing": "losses of records are measured one by one",
    "group_by_length": "batches hold records of like length wherever nothing is packed",
    "warmup_steps": STEPS,
    "evals_per_epoch": "ours is evaluate.evaluation_epochs, the epochs between two",
    "saves_per_epoch": "ours is training.checkpoint_steps",
    "eval_steps": STEPS,
    "max_steps": STEPS,
    "logging_steps": "every step is logged",
    "tf32": "torch decides",
    "model_type": "the model's own configuration says it",
    "tokenizer_type": "the model's own configuration says it",
    "strict": "a recipe of ours is always strict",
    "special_tokens": "the tokenizer's own are used",
    "resume_from_checkpoint": "`train run` resumes where run.on_existing says so",
    "auto_resume_from_checkpoints": "`train run` resumes where run.on_existing says so",
    "deepspeed": "accelerate's own configuration decides",
    "fsdp": "accelerate's own configuration decides",
    "trust_remote_code": "code that comes with a model is never run",
    "wandb_project": "track.report_to names trackers; each has settings of its own",
    "wandb_entity": "track.report_to names trackers; each has settings of its own",
    "wandb_watch": "track.report_to names trackers; each has settings of its own",
    "wandb_name": "track.report_to names trackers; each has settings of its own",
    "wandb_log_model": "track.report_to names trackers; each has settings of its own",
    "plugins": "code is chosen by the recipe's own settings",
}

ASIDE = frozenset({
    "test_datasets", "dataset_processes", "dataset_num_proc", "dataset_prepared_path",
    "val_set_size", "pad_to_sequence_len", "eval_sample_packing", "group_by_length",
    "evals_per_epoch", "saves_per_epoch", "eval_steps", "logging_steps", "tf32", "model_type",
    "tokenizer_type", "strict", "resume_from_checkpoint", "auto_resume_from_checkpoints",
    "deepspeed", "fsdp", "trust_remote_code", "wandb_project", "wandb_entity", "wandb_watch",
    "wandb_name", "wandb_log_model",
})  # fmt: skip


def finish(values: Mapping[str, Any], settings: Settings) -> Settings:
    """qlora is 4 bits; a prompt style goes before a chat template; the trainer clips gradients."""
    made = unsaid(DEFAULTS, settings)
    if values.get("adapter") == "qlora" and "model.quantization.type" not in settings:
        made["model.quantization.type"] = "nf4"
    return made | (ALPACA if styles(values.get("datasets")) == {"alpaca"} else {})
