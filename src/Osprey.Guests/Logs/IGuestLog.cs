using Osprey.Target;

namespace Osprey.Guests.Logs;

/// <summary>An operating system that keeps what its kernel says in memory.</summary>
/// <remarks>A front end asks for it with <see langword="is"/> on the <see cref="IGuestOs"/>.</remarks>
public interface IGuestLog
{
    /// <summary>Reads the messages that the kernel still has. What is read is bounded.</summary>
    /// <exception cref="TargetException">The kernel is not known, or keeps no messages.</exception>
    GuestLog ReadLog(GuestKernel kernel);

    /// <summary>The lines of a message, as the system's own tools show them.</summary>
    IEnumerable<string> FormatRecord(GuestLogRecord record) => record.Text.Split('\n');
}
