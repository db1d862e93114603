namespace Osprey.Target.Backends.Qemu.Qmp;

/// <summary>QEMU refused a command.</summary>
/// <param name="command">The command.</param>
/// <param name="errorClass">QMP's class of the error, such as "CommandNotFound".</param>
/// <param name="description">QEMU's words.</param>
public sealed class QmpException(string command, string errorClass, string description)
    : Exception($"QEMU refused {command}: {description}")
{
    /// <summary>QMP's class of the error, such as "CommandNotFound".</summary>
    public string ErrorClass { get; } = errorClass;
}
