namespace Osprey.Tests.Symbols.Oracle;

/// <summary>As <see cref="ToolFactAttribute"/>, with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ToolTheoryAttribute : TheoryAttribute
{
    public ToolTheoryAttribute(params string[] tools) => Skip = Tools.DescribeMissing(tools);
}
