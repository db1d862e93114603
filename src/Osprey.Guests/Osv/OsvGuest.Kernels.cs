using Osprey.Guests.Kernels;
using Osprey.Target;
using Osprey.Values;

namespace Osprey.Guests.Osv;

/// <content>The command line, which OSv keeps a copy of (core/commands.cc).</content>
internal sealed partial class OsvGuest : IGuestCommandLine
{
    private const string CommandLineVariable = "osv::osv_cmdline";

    public string ReadCommandLine(GuestKernel kernel)
    {
        Value variable = kernel.GetVariable(CommandLineVariable);
        if (!variable.TryGetUInt64(out ulong start))
            throw CommandLineText.NotRead(CommandLineVariable);

        return start == 0
            ? throw new TargetException(TargetProblem.NotUnderstood, "the kernel has not read its command line yet")
            : CommandLineText.Read(kernel.Values.Memory, start, CommandLineVariable);
    }
}
