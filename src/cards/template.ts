// The card that a model starts with, in the order of the Hugging Face model card. model-cards/model-card.md is the
// same text for people to copy (a test holds them equal); as a module it is in every bundle without a path.
// Comments tell the writer what belongs into a section and vanish when the card is read.

/** Sections that only a person can write; one that is empty is a gap that reviewers see. */
export const handWrittenSections = [
  "Direct Use",
  "Out-of-Scope Use",
  "Bias, Risks, and Limitations",
  "Environmental Impact",
  "Model Card Authors",
  "Model Card Contact",
] as const;

export const cardTemplate = `---
# mlops:begin metadata
# mlops:end metadata
# Yours: license, language, datasets, base_model and anything else. What stands here wins over what is generated.
---

<!-- mlops:begin title -->
<!-- mlops:end title -->

## Model Details

<!-- mlops:begin details -->
<!-- mlops:end details -->

## Uses

### Direct Use

<!-- Who should use the model, on whose behalf, for which decision? -->

### Out-of-Scope Use

<!-- For whom, where or for what must it not be used? -->

## Bias, Risks, and Limitations

<!-- Who can be harmed, how, and what was done about it? The slices below show where it is worse. -->

<!-- mlops:begin slices -->
<!-- mlops:end slices -->

## How to Get Started with the Model

<!-- mlops:begin usage -->
<!-- mlops:end usage -->

## Training Details

<!-- mlops:begin training -->
<!-- mlops:end training -->

## Evaluation

<!-- mlops:begin evaluation -->
<!-- mlops:end evaluation -->

## Model Examination

<!-- What was learned by looking into it: importances, examples, failure analyses. Optional. -->

## Environmental Impact

<!-- Hardware, hours, region; or one sentence why it does not matter. -->

## Technical Specifications

<!-- mlops:begin specifications -->
<!-- mlops:end specifications -->

## Citation

<!-- How to cite the model. Optional. -->

## Glossary

<!-- Words that a reader may not know. Optional. -->

## More Information

<!-- mlops:begin evidence -->
<!-- mlops:end evidence -->

## Model Card Authors

<!-- Who wrote this card. -->

## Model Card Contact

<!-- Where to ask. -->
`;
