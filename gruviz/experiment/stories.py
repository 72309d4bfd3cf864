"""The stories of the Gradients page."""

from dataclasses import dataclass

from gruviz.experiment.experiment import Settings


@dataclass(frozen=True)
class GradientStory:
    """A preset: what to set, and what to look for."""

    key: str
    title: str
    settings: Settings
    reads: str = ""  # the key of the Step page's story whose sequence is read


def bias(key: str, value: float) -> tuple[str, float]:
    """A gate bias as a setting."""
    return key, value


STORIES: tuple[GradientStory, ...] = (
    GradientStory("default", "Default initialisation: all three forget", Settings()),
    GradientStory("update", "Open the update gate", Settings(update=bias("update_bias", 4.0))),
    GradientStory("forget", "Forget bias 1, the LSTM fix", Settings(forget=bias("forget_bias", 1.0))),
    GradientStory("rho15", "ρ above 1: not yet exploding", Settings(recurrent=("spectral_radius", 1.5))),
    GradientStory("rho25", "ρ 2.5: exploding", Settings(recurrent=("spectral_radius", 2.5))),
    GradientStory("identity", "Identity RNN", Settings(recurrent=("identity_relu", None), activation="relu")),
    GradientStory("orthogonal", "Orthogonal weights", Settings(recurrent=("orthogonal", None))),
    GradientStory("trained", "What training changes", Settings(feed="sequence", loss="answer", trained="first-symbol"),
                  reads="kept"),
)  # fmt: skip
