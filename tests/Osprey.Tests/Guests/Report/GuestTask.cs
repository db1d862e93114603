namespace Osprey.Tests.Guests.Report;

/// <summary>A thread, of the kernel or of a process.</summary>
internal sealed record GuestTask(int ProcessId, int ThreadId, int ParentId, string Name);
