using Osprey.Guests;
using Osprey.Session.Guests;
using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Tests.Builders.Guests;
using Osprey.Tests.Guests.Osv;

namespace Osprey.Tests.Session.Guests;

/// <summary>A session's contexts, and the operating system that it goes by.</summary>
public class GuestContextTests
{
    private static readonly RegisterSet s_registers = new(X64Architecture.Instance)
    {
        [X64Register.Cr0] = 0x8000_0001,
        [X64Register.Cr3] = 0x1000,
        [X64Register.Cr4] = 0x20,
        [X64Register.Efer] = 0x500,
    };

    private static readonly RegisterSet s_second = new(X64Architecture.Instance)
    {
        [X64Register.Cr0] = 0x8000_0001,
        [X64Register.Cr3] = 0x5000,
        [X64Register.Cr4] = 0x20,
        [X64Register.Efer] = 0x500,
    };

    [Fact]
    public void GetCpu_Several_HaveRegistersAndSpacesOfTheirOwn()
    {
        using GuestSession session = Open(new GuestSettings { Cpu = 1 });

        Assert.Equal("at physical 0x5000, 4 levels (CR3 of vCPU 1)", session.Selected.SpaceDescription);
        Assert.Equal("at physical 0x1000, 4 levels (CR3 of vCPU 0)", session.GetCpu(0).SpaceDescription);
        Assert.Equal(0x1000UL, session.GetCpu(0).ReadRegisters()[X64Register.Cr3]);
        Assert.Same(session.GetCpu(0), session.GetCpu(0));
        Assert.Equal("unknown: it ended", session.GetCpu(2).SpaceDescription);
        Assert.Null(session.GetCpu(2).TryReadRegisters());

        GuestThread saved = session.FromRegisters(
            new RegisterSet(X64Architecture.Instance) { [X64Register.Rip] = 0x1234 }
        );
        Assert.Null(saved.Cpu);
        Assert.Same(session.Selected.Space, saved.Space);
        Assert.Equal(0x1234UL, saved.ReadRegisters()[X64Register.Rip]);
    }

    [Fact]
    public void Space_WithoutRegisters_IsWhatTheSystemKnows()
    {
        var target = new FakeTarget(new PageTableBuilder().BuildMemory(), (RegisterSet?)null);
        GuestDetector toy = ToyGuest.Detect;

        using GuestSession known = GuestSession.Over(target, new GuestSettings { Systems = [toy] });
        using GuestSession named = GuestSession.Over(target, new GuestSettings { Systems = [toy], Cpu = 0 });
        using GuestSession unknown = GuestSession.Over(target, new GuestSettings());

        Assert.Equal("Toy 1.0", known.Identity.Description);
        Assert.Equal("at physical 0x3000, 4 levels (as the kernel's variable says)", known.Selected.SpaceDescription);
        Assert.Equal("unknown: it ended", named.Selected.SpaceDescription);
        Assert.Equal(("unknown", "unknown: it ended"), (unknown.Identity.System, unknown.Selected.SpaceDescription));
    }

    [Fact]
    public void Refresh_OfACpu_ReadsItsRegistersAgain()
    {
        var sets = new RegisterSet?[] { s_registers };
        using GuestSession session = GuestSession.Over(new FakeTarget(new FakeMemory(), sets), new GuestSettings());
        Assert.Equal(0x1000UL, session.Selected.ReadRegisters()[X64Register.Cr3]);
        sets[0] = s_second;
        Assert.Equal(0x1000UL, session.Selected.ReadRegisters()[X64Register.Cr3]);
        session.Refresh();
        Assert.Equal(0x5000UL, session.Selected.ReadRegisters()[X64Register.Cr3]);
    }

    [Fact]
    public void Space_OfOsvWithoutRegistersOrFile_Fails()
    {
        // The system asks for a symbol, the symbols for the kernel's file, and that for nothing but physical memory.
        var target = new FakeTarget(new OsvImageBuilder().BuildMemory(), (RegisterSet?)null);
        using GuestSession session = GuestSession.Over(target, new GuestSettings());

        Assert.Equal("OSv", session.Identity.System);
        Assert.Throws<TargetException>(() => session.Selected.Space);
        Assert.Empty(session.Programs.Modules);
    }

    private static GuestSession Open(GuestSettings settings) =>
        GuestSession.Over(new FakeTarget(new FakeMemory(), s_registers, s_second, null), settings);
}
