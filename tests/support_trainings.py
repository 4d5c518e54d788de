"""Training for tests of pages: at once and in this process, where the app does it beside itself."""

from labeler.store.dataset import Dataset
from labeler.workflows.teaching import TrainingJob, TrainingQueue, TrainingTask, teach
from labeler.workflows.training import TrainingWish


class AtOnce(TrainingQueue):
    """A queue whose models are done when they are asked for."""

    def __init__(self, dataset: Dataset) -> None:
        super().__init__(dataset.folder)

    def submit(self, wish: TrainingWish) -> TrainingJob:
        """Train now."""
        self._put_away(wish.folder)
        result = teach(TrainingTask(self._folder, wish), lambda *_: None)
        job = TrainingJob(next(self._numbers), wish, result=result)
        self._jobs[job.number] = job
        return job
