using Osprey.Guests.Linux.Processes;
using Osprey.Guests.Threads;
using Osprey.Target;

namespace Osprey.Guests.Linux.Network;

/// <summary>Finds the network that a process sees: its namespace (<c>struct net</c>).</summary>
internal static class LinuxNetworks
{
    /// <summary>Finds it.</summary>
    /// <exception cref="TargetException">The process ended, or the kernel is not known.</exception>
    public static ulong Get(GuestKernel kernel, GuestThreadState thread)
    {
        var members = new LinuxTaskMembers(kernel);
        ulong namespaces = members.Get(thread, members.Namespaces, "namespace");
        LinuxField network = new LinuxStruct(kernel, "struct nsproxy").Require("net_ns");
        return
            LinuxStruct.IsKernelAddress(namespaces)
            && network.Read(kernel.Values.Memory, namespaces) is { } found
            && LinuxStruct.IsKernelAddress(found)
            ? found
            : throw new TargetException(
                TargetProblem.NotUnderstood,
                $"the network of task {thread.Label} can't be read"
            );
    }
}
