using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;

namespace Osprey.Tests.Builders.Guests;

/// <summary>A guest with given memory and registers; a null set of registers can't be read.</summary>
internal sealed class FakeTarget(IPhysicalMemory memory, params RegisterSet?[] cpus) : GuestTarget
{
    public override string Name => "fake";

    public override TargetAccess Access => TargetAccess.Paused;

    public override Architecture Architecture => X64Architecture.Instance;

    public override IPhysicalMemory Memory => memory;

    public override int CpuCount => cpus.Length;

    public override RegisterSet ReadRegisters(int cpu) => cpus[cpu] ?? throw new TargetException("it ended");
}
