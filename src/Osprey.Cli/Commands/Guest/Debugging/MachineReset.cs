using Osprey.Target;

namespace Osprey.Cli.Commands.Guest.Debugging;

/// <summary>Resets a guest's machine, by the way to it that there is.</summary>
internal static class MachineReset
{
    /// <summary>Resets it.</summary>
    /// <exception cref="TargetException">
    /// There is no way to, or QEMU was started such that it would end.
    /// </exception>
    public static void Do(GuestTarget target)
    {
        if (target.Qemu?.Process.CommandLine.EndsAtReset == true)
            throw new TargetException(
                TargetProblem.NotSupported,
                "the guest can't be reset: its QEMU was started with -no-reboot, and would end"
            );

        if (target.Stub is { } stub)
        {
            if (stub.Monitor("system_reset") is null)
                throw new TargetException(
                    TargetProblem.NotSupported,
                    "the guest can't be reset: its gdb stub has no monitor"
                );

            return;
        }

        (target.Qemu ?? throw new TargetException(TargetProblem.NotSupported, "the guest can't be reset")).Reset();
    }
}
