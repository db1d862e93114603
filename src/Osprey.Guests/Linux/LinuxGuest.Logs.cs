using Osprey.Guests.Linux.Logs;
using Osprey.Guests.Logs;

namespace Osprey.Guests.Linux;

/// <content>The kernel's messages.</content>
internal sealed partial class LinuxGuest : IGuestLog
{
    public GuestLog ReadLog(GuestKernel kernel) => KernelLog.Read(kernel);

    public IEnumerable<string> FormatRecord(GuestLogRecord record) => KernelLog.GetLines(record);
}
