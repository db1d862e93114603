using Osprey.Target.Architectures;

namespace Osprey.Guests;

/// <summary>One thread of a guest, as its operating system keeps it.</summary>
/// <param name="Id">The system's number for it.</param>
/// <param name="Name">Its name; empty when it has none.</param>
/// <param name="State">The system's word for its state, such as "waiting".</param>
/// <param name="Cpu">The vCPU that it runs on, from 0; null when it does not run.</param>
/// <param name="Saved">Its registers where it was switched out; null when it runs, or they can't be read.</param>
public sealed record GuestThreadState(ulong Id, string Name, string State, int? Cpu, RegisterSet? Saved);
