namespace Osprey.Guests;

/// <summary>An operating system whose threads can be listed from outside, those that sleep included.</summary>
/// <remarks>
/// No system has it yet. A front end asks for it with <see langword="is"/> on the <see cref="IGuestOs"/>.
/// </remarks>
public interface IGuestThreads
{
    /// <summary>
    /// Lists the guest's threads in the system's own order. The walk is bounded; what can't be read ends it.
    /// </summary>
    IEnumerable<GuestThreadState> EnumerateThreads();
}
