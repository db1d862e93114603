namespace Osprey.Tests.Symbols.Oracle;

/// <summary>A test with data that needs programs of this machine, as <see cref="ToolFactAttribute"/> does.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ToolTheoryAttribute : TheoryAttribute
{
    public ToolTheoryAttribute(params string[] tools) => Skip = Tools.DescribeMissing(tools);
}
