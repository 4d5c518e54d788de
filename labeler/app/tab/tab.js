// Remembers who rates in this tab: through reloads by the tab's own storage, and through a restart of
// the server by the component's state, which the browser tells every new server first of all.

const PREFIX = "labeler.rater";

/** The tab's own storage, which may be forbidden. */
const note = {
  read(dataset) {
    try {
      return sessionStorage.getItem(`${PREFIX}/${dataset}`) ?? "";
    } catch {
      return "";
    }
  },
  write(dataset, rater) {
    try {
      if (rater) sessionStorage.setItem(`${PREFIX}/${dataset}`, rater);
      else sessionStorage.removeItem(`${PREFIX}/${dataset}`);
    } catch {
      /* the name is asked again after a reload */
    }
  },
};

export default function mount({ data, setStateValue }) {
  const { dataset, rater, is_left, known } = data;
  if (rater || is_left) note.write(dataset, rater);
  const now = rater || note.read(dataset);
  if (known?.dataset !== dataset || known.rater !== now) setStateValue("who", { dataset, rater: now });
}
