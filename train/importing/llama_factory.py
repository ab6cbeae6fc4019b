"""LLaMA-Factory: the YAML of `llamafactory-cli train`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from train.importing import ALPACA, GREEDY, Settings, listed, only, switch, to, unsaid, word

KNOWN_BY = ("finetuning_type", "dataset_dir", "cutoff_len", "stage")
APPROVED = "records come from an approved snapshot; `curate audit` reads the file"
STEPS = "ours is in epochs"
DEFAULTS = {
    "training.epochs": 3.0, "training.gradient_clip": 1.0, "training.schedule": "linear",
    "training.learning_rate": 5e-5, "tokenizer.max_length": 2048,
}  # fmt: skip
"""What holds there without a word."""

CHAT: Settings = {"template.name": "chat"}


def modules(value: Any) -> Settings:
    """`all` is every linear layer but the head."""
    if value == "all":
        return {"adapter.lora_target_modules": "all-linear"}
    return listed("adapter.lora_target_modules")(value)


def bits(value: Any) -> Settings:
    """How many bits the base is stored in."""
    if value in (None, ""):
        return {}
    if int(value) not in (4, 8):
        raise ValueError(f"{value} bits; there are 4 (nf4) and 8 (int8)")
    return {"model.quantization.type": "nf4" if int(value) == 4 else "int8"}


def template(value: Any) -> Settings:
    """Names of templates; ours come from the tokenizer."""
    known = {"alpaca": ALPACA, "empty": {"template.name": "plain"}, "default": CHAT}
    if value not in known:
        raise ValueError(
            f"{value!r} is a template of that system; the tokenizer's own chat template is used"
        )
    return known[value]


def trackers(value: Any) -> Settings:
    """One name or several; none is none."""
    names = [value] if isinstance(value, str) else list(value or ())
    chosen = [name for name in names if name not in ("none", "all")]
    return {"track.report_to": chosen} if chosen else {}


MAPPED = {
    "model_name_or_path": to("model.llm_backbone"),
    "model_revision": to("model.revision"),
    "stage": word("training.task", {"sft": "sft", "dpo": "dpo"}),
    "finetuning_type": word("adapter.type", {"lora": "lora", "full": "none"}),
    "lora_rank": to("adapter.lora_r"),
    "lora_alpha": to("adapter.lora_alpha"),
    "lora_dropout": to("adapter.lora_dropout"),
    "lora_target": modules,
    "use_rslora": to("adapter.rslora"),
    "use_dora": switch("adapter.type", "dora"),
    "adapter_name_or_path": to("adapter.init_from"),
    "quantization_bit": bits,
    "double_quantization": to("model.quantization.double"),
    "flash_attn": word(
        "model.attention", {"auto": "auto", "fa2": "flash", "sdpa": "sdpa", "disabled": "eager"}
    ),
    "cutoff_len": to("tokenizer.max_length"),
    "template": template,
    "train_on_prompt": switch("template.mask_prompt_labels", False, True),
    "mask_history": to("template.train_on_last_turn_only"),
    "packing": switch("training.packing", "auto", "off"),
    "neat_packing": switch("training.packing", "auto"),
    "use_fast_tokenizer": to("tokenizer.use_fast"),
    "output_dir": to("run.output_directory"),
    "seed": to("run.seed"),
    "learning_rate": to("training.learning_rate"),
    "lr_scheduler_type": word(
        "training.schedule", {"cosine": "cosine", "linear": "linear", "constant": "constant"}
    ),
    "num_train_epochs": to("training.epochs"),
    "per_device_train_batch_size": to("training.batch_size"),
    "gradient_accumulation_steps": to("training.grad_accumulation"),
    "per_device_eval_batch_size": to("evaluate.generation.batch_size"),
    "max_grad_norm": to("training.gradient_clip"),
    "weight_decay": to("training.weight_decay"),
    "neftune_noise_alpha": to("training.neftune_noise"),
    "pref_beta": to("training.dpo_beta"),
    "optim": word(
        "training.optimizer",
        {
            "adamw_torch": "adamw", "adamw_torch_fused": "adamw", "adamw_8bit": "adamw_8bit",
            "adamw_bnb_8bit": "adamw_8bit", "paged_adamw_8bit": "paged_adamw_8bit",
        },
    ),
    "bf16": switch("model.backbone_dtype", "bfloat16"),
    "fp16": switch("model.backbone_dtype", "float16"),
    "max_new_tokens": to("evaluate.generation.max_new_tokens"),
    "repetition_penalty": only(1.0, GREEDY),
    "do_sample": only(False, GREEDY),
    "save_steps": to("training.checkpoint_steps"),
    "warmup_ratio": to("training.warmup_epochs"),
    "dataloader_num_workers": to("environment.number_of_workers"),
    "enable_liger_kernel": switch("training.loss_function", "liger"),
    "disable_gradient_checkpointing": switch("model.gradient_checkpointing", False),
    "report_to": trackers,
    "run_name": to("run.experiment_name"),
}  # fmt: skip

WHY_NOT = {
    "dataset": APPROVED,
    "dataset_dir": APPROVED,
    "eval_dataset": APPROVED,
    "max_samples": "dataset.sample draws at random; that one takes the first",
    "val_size": "`curate export` splits by duplicate group, with dev and test of their own",
    "do_train": "`train run` trains",
    "do_eval": "`train run` always evaluates",
    "do_predict": "`train run` always answers dev and test",
    "predict_with_generate": "`train run` always answers dev and test",
    "overwrite_cache": "nothing is cached between runs",
    "overwrite_output_dir": "a run never replaces another",
    "plot_loss": "report.html of a run shows the loss",
    "logging_steps": "every step is logged",
    "warmup_steps": STEPS,
    "eval_steps": STEPS,
    "eval_strategy": STEPS,
    "max_steps": STEPS,
    "ddp_timeout": "torchrun decides",
    "deepspeed": "accelerate's own configuration decides",
    "trust_remote_code": "code that comes with a model is never run",
    "resume_from_checkpoint": "`train run` resumes where run.on_existing says so",
    "quantization_method": "bitsandbytes stores the weights",
    "preprocessing_num_workers": "records become tokens in one process",
    "pref_loss": "dpo's own sigmoid loss is used",
    "temperature": GREEDY,
    "top_p": GREEDY,
    "top_k": GREEDY,
}

ASIDE = frozenset({
    "dataset", "dataset_dir", "eval_dataset", "val_size", "do_train", "do_eval", "do_predict",
    "predict_with_generate", "overwrite_cache", "overwrite_output_dir", "plot_loss",
    "logging_steps", "eval_steps", "eval_strategy", "ddp_timeout", "deepspeed",
    "trust_remote_code", "resume_from_checkpoint", "quantization_method",
    "preprocessing_num_workers",
})  # fmt: skip


def finish(values: Mapping[str, Any], settings: Settings) -> Settings:
    """Their defaults where they differ from ours: alpha is twice the rank, and so on."""
    made = unsaid(DEFAULTS, settings)
    if "adapter.lora_alpha" not in settings:
        made["adapter.lora_alpha"] = 2 * settings.get("adapter.lora_r", 8)
    return made
