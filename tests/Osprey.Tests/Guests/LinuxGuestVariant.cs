namespace Osprey.Tests.Guests;

/// <summary>A machine that the Linux guest is booted in.</summary>
/// <param name="Name">What test output calls it.</param>
/// <param name="Arguments">
/// QEMU's arguments for processor and memory. <c>{memory}</c> is a path for a memory file.
/// </param>
/// <param name="KernelArguments">What the kernel is told in addition.</param>
/// <param name="Init">The folder of its init below <c>tests/linux-guest</c>; empty for the one that reports.</param>
internal sealed record LinuxGuestVariant(
    string Name,
    IReadOnlyList<string> Arguments,
    string KernelArguments = "",
    string Init = ""
)
{
    /// <summary>True when its vCPUs have little to do, so that they need not step back for the tests.</summary>
    public bool IsIdle { get; init; }

    /// <summary>Memory in a memfd that other processes can map; page tables of four levels.</summary>
    public static LinuxGuestVariant Memfd { get; } =
        new(
            "memfd",
            [
                "-cpu",
                "max,la57=off",
                "-m",
                "256",
                "-object",
                "memory-backend-memfd,id=ram0,size=256M,share=on",
                "-machine",
                "pc,memory-backend=ram0",
            ]
        );

    /// <summary>Memory that is QEMU's own; page tables of five levels.</summary>
    public static LinuxGuestVariant Anonymous { get; } =
        new("anonymous", ["-cpu", "max", "-m", "256", "-machine", "pc"]);

    /// <summary>
    /// Memory in a file, shared; page tables of four levels, of which user space has its own: while it runs, bit 12 of
    /// CR3 is set.
    /// </summary>
    public static LinuxGuestVariant MemoryFile { get; } =
        new(
            "file",
            [
                "-cpu",
                "max,la57=off",
                "-m",
                "256",
                "-object",
                "memory-backend-file,id=ram0,size=256M,share=on,mem-path={memory}",
                "-machine",
                "pc,memory-backend=ram0",
            ],
            "pti=on"
        );

    /// <summary>
    /// Two nodes, 3 and 2 GiB, of which the first lies on both sides of the hole below 4 GiB; page tables of five
    /// levels. The guest touches little of it, so that the host's part is small.
    /// </summary>
    public static LinuxGuestVariant TwoNodes { get; } =
        new(
            "two nodes",
            [
                "-cpu",
                "max",
                "-m",
                "5G",
                "-machine",
                "q35",
                "-object",
                "memory-backend-ram,id=n0,size=3G",
                "-object",
                "memory-backend-ram,id=n1,size=2G",
                "-numa",
                "node,memdev=n0,cpus=0",
                "-numa",
                "node,memdev=n1,cpus=1",
            ]
        );

    /// <summary>Memory as QEMU has it by itself; init reports nothing and keeps the kernel at work.</summary>
    public static LinuxGuestVariant Calls { get; } =
        new("calls", ["-cpu", "max,la57=off", "-m", "256", "-machine", "pc"], Init: "calls");

    /// <summary>
    /// Memory as QEMU has it by itself; init keeps what the kernel says of its symbols and spins on the first vCPU.
    /// </summary>
    public static LinuxGuestVariant Symbols { get; } =
        new("symbols", ["-cpu", "max,la57=off", "-m", "256", "-machine", "pc"], Init: "symbols");

    /// <summary>
    /// Memory as QEMU has it by itself; init makes tasks of many kinds and says what the kernel tells of all.
    /// </summary>
    public static LinuxGuestVariant Tasks { get; } =
        new("tasks", ["-cpu", "max,la57=off", "-m", "256", "-machine", "pc"], "no_timer_check", "tasks");

    /// <summary>
    /// Memory as QEMU has it by itself; init loads modules, writes to the kernel's log, and tells what the kernel says
    /// of both.
    /// </summary>
    public static LinuxGuestVariant Modules { get; } =
        new("modules", ["-cpu", "max,la57=off", "-m", "256", "-machine", "pc"], Init: "modules");

    /// <summary>Memory as QEMU has it by itself; init has the kernel panic, and it stays so.</summary>
    public static LinuxGuestVariant Panic { get; } =
        new("panic", ["-cpu", "max,la57=off", "-m", "256", "-machine", "pc"], "panic=0", "panic");

    /// <summary>
    /// Memory as QEMU has it by itself; init makes tasks that stay, and others that make and end tasks all the time.
    /// </summary>
    public static LinuxGuestVariant Forks { get; } =
        new("forks", ["-cpu", "max,la57=off", "-m", "256", "-machine", "pc"], Init: "forks");

    /// <summary>
    /// A machine as libvirt describes it, with one vCPU and room for another one and for more memory; init waits for
    /// both.
    /// </summary>
    public static LinuxGuestVariant Plugged { get; } =
        new(
            "plugged",
            [
                "-cpu",
                "max,la57=off",
                "-smp",
                "1,maxcpus=2,sockets=2,cores=1,threads=1",
                "-m",
                "size=262144k,slots=2,maxmem=1048576k",
                "-object",
                "memory-backend-memfd,id=pc.ram,share=on,size=268435456",
                "-machine",
                "pc,usb=off,dump-guest-core=off,memory-backend=pc.ram",
                "-overcommit",
                "mem-lock=off",
                "-no-user-config",
                "-msg",
                "timestamp=on",
            ],
            "memhp_default_state=online",
            "plugged"
        );

    /// <inheritdoc/>
    public override string ToString() => Name;
}
