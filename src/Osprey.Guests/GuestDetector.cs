namespace Osprey.Guests;

/// <summary>Recognises one operating system.</summary>
/// <param name="machine">The guest to look at.</param>
/// <returns>The system, ready to be asked; null when another one runs in the guest, or none yet.</returns>
public delegate IGuestOs? GuestDetector(GuestMachine machine);
