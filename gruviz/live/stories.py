"""The stories of the Train page: settings that make a point within seconds of training."""

from dataclasses import dataclass

from gruviz.live.settings import LiveSettings


@dataclass(frozen=True)
class LiveStory:
    """A preset: what to set, and what to look for."""

    key: str
    title: str
    settings: LiveSettings
    look_for: str


STORIES: tuple[LiveStory, ...] = (
    LiveStory("bias", "A bias of 2 learns what a bias of 0 cannot", LiveSettings(),
              "The GRU’s update gate starts open, so the gradient reaches the first letter; the other two start at "
              "PyTorch’s default."),
    LiveStory("rnn10", "The RNN at lag 10", LiveSettings(lag=10, seed=3),
              "Ten steps back, the RNN still receives a gradient that it can learn from."),
    LiveStory("rnn30", "… at lag 30", LiveSettings(lag=30, seed=3),
              "Thirty steps back, little of the gradient is left: it takes more than twice as many updates."),
    LiveStory("rnn60", "… at lag 60", LiveSettings(lag=60, seed=3),
              "Sixty steps back, hardly any is left: hundreds of updates later the task is still not learned."),
    LiveStory("rate", "Too high a learning rate",
              LiveSettings(lag=10, rate=1.0, forget=("forget_bias", 2.0)),
              "At a rate of 0.01 all three learn this within 60 updates."),
    LiveStory("clip", "Clipping off",
              LiveSettings("adding", 30, rate=0.05, optimizer="momentum", clip=False, activation="relu",
                           recurrent=("identity_relu", 1.0), forget=("forget_bias", 2.0)),
              "One large gradient throws the RNN’s weights far away; with clipping on it stays near the others."),
)  # fmt: skip
