import { Room } from './room.ts';

describe('Room', () => {
  it('is free while no more than its most are inside', async () => {
    const room = new Room(2);
    room.enter(2);
    await room.free();
    room.enter(1);
    let isFree = false;
    const free = room.free().then(() => (isFree = true));
    await Promise.resolve();
    expect(isFree).toBe(false);
    room.leave(1);
    await free;
    expect(isFree).toBe(true);
  });

  it('lets all go on who wait', async () => {
    const room = new Room(0);
    room.enter(3);
    let free = 0;
    const waiting = [room.free(), room.free()].map((one) => one.then(() => (free += 1)));
    room.leave(2);
    await Promise.resolve();
    expect(free).toBe(0);
    room.leave(1);
    await Promise.all(waiting);
    expect(free).toBe(2);
  });
});
