/** What tests and curious people may look at in the browser's console. */
export function expose(player) {
  window.__labelerPlayer = {
    get frame() { return player.stage.frame; },
    get isAtRest() { return player.stage.inFlight === null && player.stage.target === player.stage.frame; },
    get pending() { return player.n_pending; },
    get isReady() { return player.stage.isReady; },
    get repId() { return player.repId; },
    get place() { return player.data?.clip; },
    get areWishesKept() { return player.looping.wish.isKept && player.eyes.wish.isKept; },
    get video() { return player.stage.video; },
    seek: (frame) => player.transport.goTo(frame),
  };
}
