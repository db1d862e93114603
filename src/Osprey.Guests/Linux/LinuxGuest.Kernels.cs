using Osprey.Guests.Kernels;
using Osprey.Guests.Linux.Kernels;

namespace Osprey.Guests.Linux;

/// <content>The kernel's command line and configuration.</content>
internal sealed partial class LinuxGuest : IGuestCommandLine, IGuestConfiguration
{
    public string ReadCommandLine(GuestKernel kernel) => LinuxCommandLine.Read(kernel);

    public IReadOnlyList<string> ReadConfiguration(GuestKernel kernel) => KernelConfiguration.Read(kernel);
}
