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
    const waiting = [room.free(), room.free()];
    room.leave(2);
    room.leave(1);
    await Promise.all(waiting);
    await room.free();
  });
});
