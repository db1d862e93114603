using Osprey.Guests.Kernels;
using Osprey.Target;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Kernels;

/// <summary>The command line of a Linux kernel, as <c>/proc/cmdline</c> has it: <c>saved_command_line</c>.</summary>
internal static class LinuxCommandLine
{
    private const string Variable = "saved_command_line";

    /// <summary>Reads it. No types are needed.</summary>
    /// <exception cref="TargetException">The kernel's symbols are not known, or it can't be read.</exception>
    public static string Read(GuestKernel kernel)
    {
        ulong variable = LinuxVariables.GetAddress(kernel, Variable);
        return kernel.Values.Memory.TryReadUInt64(variable, out ulong start)
            ? CommandLineText.Read(kernel.Values.Memory, start, Variable)
            : throw CommandLineText.NotRead(Variable);
    }
}
