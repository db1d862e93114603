using Osprey.Guests;
using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Guests;

public class GuestMachineTests
{
    private readonly IPhysicalMemory _memory = new PageTableBuilder().BuildMemory();
    private readonly RegisterSet _registers = new(X64Architecture.Instance)
    {
        [X64Register.Cr0] = 0x8000_0001,
        [X64Register.Cr3] = 0x1000,
        [X64Register.Cr4] = 0x1020,
        [X64Register.Efer] = 0x500,
    };

    [Theory]
    [InlineData(null, null, "at physical 0x1000, 5 levels (CR3 of vCPU 0)")]
    [InlineData(1, null, "none: paging is off (CR3 of vCPU 1)")]
    [InlineData(null, 0x5018UL, "at physical 0x5000, 4 levels (as given)")]
    [InlineData(0, 0x5018UL, "at physical 0x5000, 5 levels (as given, in the mode of vCPU 0)")]
    public void Space_ByRegistersAndWishes_SaysWhereFrom(int? cpu, ulong? root, string expected) =>
        Assert.Equal(expected, Create(cpu, root).Space.Description);

    [Theory]
    [InlineData(2, TargetProblem.Other, "it ended")]
    [InlineData(3, TargetProblem.PageTablesUnknown, "the control registers of vCPU 3 are not known")]
    public void Space_WithoutRegisters_Fails(int cpu, TargetProblem problem, string message)
    {
        GuestMachine machine = Create(cpu, null);

        TargetException exception = Assert.Throws<TargetException>(() => machine.Space);

        Assert.Equal((problem, message), (exception.Problem, exception.Message));
        Assert.Null(machine.TryGetSpace());
    }

    [Fact]
    public void Space_OfMemoryAlone_IsUnknown() =>
        Assert.Equal(
            TargetProblem.PageTablesUnknown,
            Assert.Throws<TargetException>(() => new GuestMachine(_memory).Space).Problem
        );

    private GuestMachine Create(int? cpu, ulong? root)
    {
        var target = new FakeTarget(
            _memory,
            _registers,
            new RegisterSet(X64Architecture.Instance) { [X64Register.Cr0] = 1 },
            null,
            new RegisterSet(X64Architecture.Instance)
        );
        return new GuestMachine(_memory)
        {
            CpuCount = 4,
            RegisterReader = target.ReadRegisters,
            Cpu = cpu,
            PageTableRoot = root,
        };
    }
}
