"""What methods and metrics are called, and what each says, in a coach's words."""

METRIC_NAMES = {
    "auprc": "AUPRC",
    "auroc": "AUROC",
    "balanced_accuracy": "Balanced accuracy",
    "f1": "F1",
    "brier": "Brier",
    "ece": "ECE",
    "kappa": "κ with raters",
}
"""The metrics of a table, best known first; their keys are those of `labeler.evaluate.metrics`."""

SHORT_METRICS = ("balanced_accuracy", "auprc", "kappa")
"""What a first table shows: how often right, how well ranked, how far agreed."""

METRIC_HELP = {
    "AUPRC": "Area under the precision-recall curve: 1 is perfect, knowing nothing gives the share "
    "of reps with the fault.",
    "AUROC": "Chance that a rep with the fault scores above one without: 0.5 is guessing.",
    "Balanced accuracy": "Mean of the shares found right among reps with and without the fault: "
    "0.5 is guessing, 1 is perfect.",
    "F1": "Balance of finding the fault and not crying wolf: 1 is perfect.",
    "Brier": "Mean squared error of the probability: 0 is perfect, lower is better.",
    "ECE": "Expected calibration error, over ten bins: how far a probability and what comes true "
    "are apart. 0 is perfect, lower is better; few reps make it too large.",
    "κ with raters": "Agreement with what the raters settled on, beyond chance: 1 is perfect, 0 is "
    "chance. Read it beside the κ of two raters with each other: no model can be asked for more.",
    "Worst": "Balanced accuracy for the athlete (or set) for whom it does worst.",
    "Middle half": "Balanced accuracy by athlete (or set): half of them are between these two.",
}

METHOD_NAMES = {
    "model": "The model",
    "model, athletes of its training (too good)": "The model on athletes it knows (flatters it)",
    "model, on sets drawn by lot": "The model, on sets drawn by lot",
    "rules, where they apply": "Rules, on reps they can judge",
    "model, where the rules apply": "The model on those same reps",
    "rules, silence as absent": "Rules, on all reps",
    "one learned threshold": "Best single measurement",
    "logistic on posture alone": "Posture alone, without timing",
    "prevalence only": "Knowing nothing",
    "model, reps mixed at random (too good)": "The model, athletes mixed (flatters it)",
}
"""The methods of a comparison as a coach reads them."""

METHOD_HELP = (
    "**The model** is tested on people (or sets) it was not trained on. "
    "**Rules** are the hand-written limits; a rep that they cannot judge, or that is too close to "
    "a limit to call, counts as absent where they are scored on all reps. "
    "**Best single measurement** is one limit on one number, learned from the labels. "
    "**Posture alone** learns from where the body is, and not from who moves first. "
    "**Knowing nothing** says the same about every rep. **Athletes mixed** shows how good the "
    "model would look if it were tested on people it knows: never trust that line."
)
