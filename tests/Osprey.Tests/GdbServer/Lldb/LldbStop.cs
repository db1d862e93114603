namespace Osprey.Tests.GdbServer.Lldb;

/// <summary>A stop as lldb tells it.</summary>
/// <param name="Index">lldb's own number of the thread.</param>
/// <param name="Name">The thread's name.</param>
/// <param name="Reason">The reason in words.</param>
/// <param name="Address">The place.</param>
/// <param name="Place">The place in words.</param>
internal sealed record LldbStop(string Index, string Name, string Reason, ulong Address, string Place);
