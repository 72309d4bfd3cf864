"""The stories of the Gradients page."""

from dataclasses import dataclass

from gruviz.experiment.settings import ExperimentSettings


@dataclass(frozen=True)
class GradientStory:
    """A preset: what to set, and what to look for."""

    key: str
    title: str
    settings: ExperimentSettings
    reads: str = ""  # the key of the Step page's story whose sequence is read


STORIES: tuple[GradientStory, ...] = (
    GradientStory("default", "Default initialisation: all three forget", ExperimentSettings()),
    GradientStory("update", "Open the update gate", ExperimentSettings(biases=(("update_bias", 4.0),))),
    GradientStory("forget", "Forget bias 1, the LSTM fix", ExperimentSettings(biases=(("forget_bias", 1.0),))),
    GradientStory("rho15", "ρ above 1: not yet exploding", ExperimentSettings(recurrent=("spectral_radius", 1.5))),
    GradientStory("rho25", "ρ 2.5: exploding", ExperimentSettings(recurrent=("spectral_radius", 2.5))),
    GradientStory("identity", "Identity RNN", ExperimentSettings(recurrent=("identity_relu", None), activation="relu")),
    GradientStory("orthogonal", "Orthogonal weights", ExperimentSettings(recurrent=("orthogonal", None))),
    GradientStory("before", "Reset gate before or after", ExperimentSettings(cells=("GRU", "reset-before GRU"))),
    GradientStory("one gate", "One gate: MGU and JANET", ExperimentSettings(cells=("GRU", "MGU", "JANET"))),
    GradientStory("trained", "What training changes",
                  ExperimentSettings(feed="sequence", loss="answer", trained="first-symbol"), reads="kept"),
)  # fmt: skip
