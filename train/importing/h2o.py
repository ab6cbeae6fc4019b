"""H2O LLM Studio: the cfg.yaml of an experiment, of today and of 2023."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from train.importing import GREEDY, Settings, listed, only, switch, to, word

KNOWN_BY = ("llm_backbone", "problem_type")
APPROVED = "records come from an approved snapshot; `curate audit` reads the file"
SPLIT = "`curate export` splits by duplicate group, with dev and test of their own"

DTYPES = {
    "int4": ("auto", "nf4"), "int8": ("auto", "int8"), "float16": ("float16", "none"),
    "bfloat16": ("bfloat16", "none"), "float32": ("float32", "none"),
}  # fmt: skip


def dtype(value: Any) -> Settings:
    """One word of theirs is two settings of ours."""
    if value not in DTYPES:
        raise ValueError(f"{value!r} has no counterpart; there is {', '.join(DTYPES)}")
    number, stored = DTYPES[value]
    return {"model.backbone_dtype": number, "model.quantization.type": stored}


def data_sample(value: Any) -> Settings:
    """A share of the records; all is the default."""
    if float(value) != 1.0:
        raise ValueError("ours is a number of records: dataset.sample.n")
    return {}


def inference_batch(value: Any) -> Settings:
    """0 is the training batch there."""
    return {"evaluate.generation.batch_size": int(value)} if value else {}


def best(value: Any) -> Settings:
    """Of 2023: whether the best state is kept, rather than the last one."""
    return {"training.save_checkpoint": "best" if value else "last"}


def branch(value: Any) -> Settings:
    """main is what there is without a word."""
    return {} if value in (None, "", "main") else {"model.revision": value}


def tokenizer_kwargs(value: Any) -> Settings:
    """JSON of what the tokenizer is made with; of it, we have use_fast."""
    said = json.loads(value) if isinstance(value, str) and value else value or {}
    if not isinstance(said, dict) or {name for name in said if said[name]} - {"use_fast"}:
        raise ValueError("of these there is tokenizer.use_fast only; set it by hand")
    return {"tokenizer.use_fast": said["use_fast"]} if "use_fast" in said else {}


MAPPED = {
    "experiment_name": to("run.experiment_name"),
    "output_directory": to("run.output_directory"),
    "llm_backbone": to("model.llm_backbone"),
    "architecture.backbone_dtype": dtype,
    "architecture.gradient_checkpointing": to("model.gradient_checkpointing"),
    "augmentation.neftune_noise_alpha": to("training.neftune_noise"),
    "dataset.add_eos_token_to_answer": to("template.add_eos_token_to_answer"),
    "dataset.add_eos_token_to_prompt": to("template.add_eos_token_to_prompt"),
    "dataset.text_prompt_start": to("template.text_prompt_start"),
    "dataset.text_answer_separator": to("template.text_answer_separator"),
    "dataset.mask_prompt_labels": to("template.mask_prompt_labels"),
    "dataset.only_last_answer": to("template.train_on_last_turn_only"),
    "dataset.data_sample": data_sample,
    "environment.huggingface_branch": branch,
    "environment.number_of_workers": to("environment.number_of_workers"),
    "environment.seed": to("run.seed"),
    "prediction.batch_size_inference": inference_batch,
    "prediction.do_sample": only(False, GREEDY),
    "prediction.num_beams": only(1, GREEDY),
    "prediction.repetition_penalty": only(1.0, GREEDY),
    "prediction.min_length_inference": only(0, GREEDY),
    "prediction.max_length_inference": to("evaluate.generation.max_new_tokens"),
    "tokenizer.max_length": to("tokenizer.max_length"),
    "tokenizer.max_length_prompt": to("tokenizer.max_length_prompt"),
    "tokenizer.max_length_answer": to("tokenizer.max_length_answer"),
    "tokenizer.use_fast": to("tokenizer.use_fast"),
    "tokenizer.tokenizer_kwargs": tokenizer_kwargs,
    "training.attention_implementation": word(
        "model.attention",
        {"auto": "auto", "eager": "eager", "sdpa": "sdpa", "flash_attention_2": "flash"},
    ),
    "training.batch_size": to("training.batch_size"),
    "training.drop_last_batch": to("training.drop_last_batch"),
    "training.epochs": to("training.epochs"),
    "training.evaluate_before_training": to("evaluate.before_training"),
    "training.evaluation_epochs": to("evaluate.evaluation_epochs"),
    "training.grad_accumulation": to("training.grad_accumulation"),
    "training.gradient_clip": to("training.gradient_clip"),
    "training.learning_rate": to("training.learning_rate"),
    "training.lora": word("adapter.type", {True: "lora", False: "none"}),
    "training.lora_r": to("adapter.lora_r"),
    "training.lora_alpha": to("adapter.lora_alpha"),
    "training.lora_dropout": to("adapter.lora_dropout"),
    "training.lora_target_modules": listed("adapter.lora_target_modules"),
    "training.use_dora": switch("adapter.type", "dora"),
    "training.use_rslora": to("adapter.rslora"),
    "training.loss_function": word("training.loss_function", {"tokenaveragedcrossentropy": "auto"}),
    "training.optimizer": word(
        "training.optimizer", {"adamw": "adamw", "adamw8bit": "adamw_8bit"}
    ),
    "training.save_best_checkpoint": best,
    "training.save_checkpoint": word(
        "training.save_checkpoint",
        {name: name for name in ("last", "best", "each_evaluation_epoch", "disable")},
    ),
    "training.schedule": word(
        "training.schedule",
        {"cosine": "cosine", "constant": "constant", "linear": "linear"},
    ),
    "training.warmup_epochs": to("training.warmup_epochs"),
    "training.weight_decay": to("training.weight_decay"),
    "problem_type": word("training.task", {
        "text_causal_language_modeling": "sft", "text_dpo_modeling": "dpo",
    }),
}  # fmt: skip

WHY_NOT = {
    "dataset.train_dataframe": APPROVED,
    "dataset.validation_dataframe": SPLIT,
    "dataset.validation_size": SPLIT,
    "dataset.validation_strategy": SPLIT,
    "dataset.dataset_class": APPROVED,
    "dataset.prompt_column": "`curate` finds the shape of the file, and keeps it in the snapshot",
    "dataset.answer_column": "`curate` finds the shape of the file, and keeps it in the snapshot",
    "dataset.system_column": "system text comes with each record of the snapshot",
    "dataset.parent_id_column": "earlier turns come with each record of the snapshot",
    "dataset.prompt_column_separator": "use dataset.prompt_format for several columns",
    "dataset.data_sample_choice": "a sample is of training records only",
    "dataset.personalize": "write names in the records, where review sees them",
    "dataset.chatbot_name": "write names in the records, where review sees them",
    "dataset.chatbot_author": "write names in the records, where review sees them",
    "augmentation.token_mask_probability": "tokens are trained as they were approved",
    "augmentation.skip_parent_probability": "conversations are trained as they were approved",
    "augmentation.random_parent_probability": "conversations are trained as they were approved",
    "environment.mixed_precision": "arithmetic is in model.backbone_dtype",
    "environment.mixed_precision_dtype": "arithmetic is in model.backbone_dtype",
    "environment.trust_remote_code": "code that comes with a model is never run",
    "environment.gpus": "torchrun decides on which cards a run is",
    "environment.use_fsdp": "accelerate's own configuration decides",
    "environment.use_deepspeed": "accelerate's own configuration decides",
    "environment.compile_model": "compiling takes longer than a run of this size",
    "prediction.metric": "every measure is taken; evaluate.metrics names fewer",
    "prediction.metric_gpt_model": "`curate judge` asks a language model",
    "prediction.metric_gpt_template": "`curate judge` asks a language model",
    "prediction.stop_tokens": "what ends an answer in training ends it in evaluation",
    "prediction.temperature": GREEDY,
    "prediction.top_k": GREEDY,
    "prediction.top_p": GREEDY,
    "tokenizer.padding_quantile": "batches hold records of like length instead",
    "tokenizer.add_prompt_answer_tokens": "the template's marks are the tokenizer's own",
    "architecture.pretrained": "a run always starts from the model's weights",
    "architecture.pretrained_weights": "adapter.init_from goes on from an adapter",
    "architecture.intermediate_dropout": "adapter.lora_dropout is the only dropout",
    "training.train_validation_data": "dev and test records never enter training",
    "training.differential_learning_rate": "one learning rate for the whole adapter",
    "training.differential_learning_rate_layers": "one learning rate for the whole adapter",
    "training.freeze_layers": "everything but the adapter is frozen",
    "logging.logger": "track.report_to names trackers",
}

ASIDE = frozenset({
    "logging", "environment", "dataset.train_dataframe", "dataset.validation_dataframe",
    "dataset.validation_size", "dataset.validation_strategy", "dataset.dataset_class",
    "dataset.prompt_column", "dataset.answer_column", "dataset.system_column",
    "dataset.parent_id_column", "dataset.data_sample_choice", "dataset.chatbot_name",
    "dataset.chatbot_author", "prediction.metric", "prediction.metric_gpt_model",
    "prediction.metric_gpt_template", "tokenizer.padding_quantile", "architecture.pretrained",
    "training.differential_learning_rate",
})  # fmt: skip


def finish(values: Mapping[str, Any], settings: Settings) -> Settings:
    """Theirs writes prompts between strings of its own, and keeps the last state."""
    made: Settings = {"template.name": "plain"}
    if "training.save_checkpoint" not in settings:
        made["training.save_checkpoint"] = "last"
    return made
